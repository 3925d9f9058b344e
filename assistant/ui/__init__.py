"""The web page. Only `assistant serve` and app.py import page.py: importing Gradio costs seconds nothing else should pay."""
