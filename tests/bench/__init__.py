"""Speed, measured and not tested: medians with the machine beside them."""
