"""ONNX models: where they come from, what they are allowed for, and the one place that runs them."""
