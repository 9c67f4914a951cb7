"""Pages of questions: one module for each place they are asked, answered or looked after."""
