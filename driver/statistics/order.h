// SPDX-License-Identifier: MIT
//
// order.h - in which order the cells of a table run. What ran just before can matter
// (caches, ports in TIME_WAIT, a warm CPU), so over the rounds each cell should follow
// each other cell equally often and stand at each position equally often.
//
// A Williams square does just that in n rounds for an even number of cells n; for an
// odd one it takes the square and its mirror image, 2n rounds. Fewer rounds are as
// balanced as a part of a square can be; more rounds begin another square.
// Source: E. J. Williams, "Experimental designs balanced for the estimation of residual
// effects of treatments", Australian Journal of Scientific Research A 2, 1949.
#ifndef QUARTET_DRIVER_STATISTICS_ORDER_H
#define QUARTET_DRIVER_STATISTICS_ORDER_H

#include <stddef.h>
#include <stdint.h>

#define ORDER_CELLS_MAXIMUM 65 // those of a table, and a twin

// After how many rounds all is balanced: n or 2n.
size_t order_period(size_t cells);

// Fills order[round * cells + position] with cell numbers, for all rounds. Rows and
// names of the cells are shuffled from the seed: the same seed gives the same order.
void order_make(uint64_t seed, size_t cells, size_t rounds, uint8_t *order);

#endif
