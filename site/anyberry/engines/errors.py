class EngineError(Exception):
    """An engine cannot be used. Its text is one sentence a person can act on."""


class EngineMissing(EngineError):
    """There is no program to start the engine with; the text says what to install."""
