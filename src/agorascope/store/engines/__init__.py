"""Which engines answer queries? One module per engine over the same views (``views.py``)."""
