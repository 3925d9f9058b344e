"""The web page. Only `assistant serve` and app.py import it: importing Gradio costs seconds that nothing else should pay."""
