"""How fast aml-preflight is, beside something that everybody can run: ``python -m benchmarks``.

Only ratios count. Every round runs all commands of a row, in rotated order; the median over the
rounds of the ratio within a round is what the table shows. The same command is measured against
itself in the same rounds: what its ratio differs from 1 is noise.
"""
