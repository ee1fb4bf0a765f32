"""The demo shop: what it holds, and how it is loaded and run."""
