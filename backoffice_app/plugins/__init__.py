"""Plug-ins: one Python file each, found, loaded and named if they fail (EXT-1).

What a plug-in imports is `backoffice_app.plugins.api`.
"""
