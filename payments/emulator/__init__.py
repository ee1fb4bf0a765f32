"""Providers that run on a laptop: a process, a port and data of their own. See README.md.

Written from the providers' documents alone. They share no code with the shop and its clients, so that one
misreading of a protocol can't hide in both.
"""
