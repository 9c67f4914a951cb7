"""The process that sets one document for print, and what it works with: its fonts and the drawing of QR codes.

It knows neither Django nor the rest of Hallway, so that it starts in a few hundredths of a second.
"""
