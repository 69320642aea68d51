// SPDX-License-Identifier: MIT
//
// tukey.h - which rows of a table differ, when every block has one run of each. Who looks at
// all pairs of a table and picks the one that differs most is easily fooled: of five equal
// rows there are ten pairs. John Tukey's test asks how far the largest and the smallest of k
// equal means lie apart by chance, so that its p holds for all pairs at once. What a block
// makes of all its rows is taken out before, and the noise is estimated from what is left of
// all rows together: (k-1)(n-1) degrees of freedom, instead of n-1 for a pair alone. So few
// blocks suffice, which no test of signs could do: n pairs have no p below 2^(1-n).
//
// Rows may be of unequal noise. So a pair has to pass a t-test of its own differences, too,
// corrected for the pairs of the table.
//
// Sources: J. Tukey, "The problem of multiple comparisons", 1953 (Collected Works VIII);
// the distribution of the studentized range as in M. Copenhaver and B. Holland, J. Statist.
// Comput. Simul. 30 (1988), by plain quadrature.
//
// Read next: analysis/analysis.h, which asks it; tests/driver/statistics/test_tukey.c for how
// often it is right.
#ifndef QUARTET_DRIVER_STATISTICS_TUKEY_H
#define QUARTET_DRIVER_STATISTICS_TUKEY_H

#include <stddef.h>

#define TUKEY_BLOCKS_LEAST 3 // fewer say nothing of the noise

// The probability that the studentized range of k equal means, with an estimate of their
// standard error that has `df` degrees of freedom, is above q. With k = 2 and q = t sqrt(2),
// the two-sided p of Student's t.
double tukey_p(double q, size_t k, size_t df);

// logs[block * rows + row]: logarithms of times, of blocks in which every row has one. Sets
// p[a * rows + b] for each two rows: the p of their difference, corrected for all pairs of
// the table and for `tables` such tables of one report. NAN with fewer blocks than
// TUKEY_BLOCKS_LEAST, or with one row.
void tukey_compare(const double *logs, size_t blocks, size_t rows, size_t tables,
                   double *p);

#endif
