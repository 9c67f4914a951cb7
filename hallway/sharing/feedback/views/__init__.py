"""Pages: giving, reviewing, reading; cards, products, their makers."""
