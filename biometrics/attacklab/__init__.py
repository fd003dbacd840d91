"""Attack lab: renders what a camera or a virtual camera delivers, with ground truth, so that detectors can be measured."""
