"""The web page. Only start.py imports page.py, at the last moment: importing Gradio costs seconds nobody else should pay."""
