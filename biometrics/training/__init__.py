"""Recipes for the weights that Candor trains itself. Nothing in the product imports this; torch is used nowhere else."""
