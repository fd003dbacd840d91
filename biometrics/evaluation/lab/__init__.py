"""Measures every liveness and injection signal on the attack lab's renders: scores, figures, report."""
