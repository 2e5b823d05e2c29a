"""The trained reader: one small encoder with many heads, and the written rules where they are better.

pieces → network (ONNX Runtime) → sight, then one module for each step of the road: mentions, attributions, incidents.
`reader.py` is where learned and written parts meet.
"""
