"""One file per package-to-ONNX conversion; numpy and onnx only."""
