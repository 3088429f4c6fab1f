"""The app: screens for a browser over one Newspaper. Nothing here imports gradio until it is started."""
