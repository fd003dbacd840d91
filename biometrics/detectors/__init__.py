"""One analytic per file; `biometrics.catalogue` finds each module that has a `DETECTOR`."""
