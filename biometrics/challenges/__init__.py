"""What the applicant is asked to do: plans drawn from a seed, the same for the page that shows them and the detector that checks."""
