// SPDX-License-Identifier: MIT
//
// order.h - in which order the cells of a table run. The run just before can matter
// (caches, ports in TIME_WAIT, a warm CPU), so over the rounds each cell should follow
// each other cell equally often and stand at each position equally often.
//
// A Williams square does just that in n rounds for an even number of cells n; for an
// odd one it takes the square and its mirror image, 2n rounds. Fewer rounds are as
// balanced as a part of a square can be; more rounds begin another square.
// Source: E. J. Williams, "Experimental designs balanced for the estimation of residual
// effects of treatments", Australian Journal of Scientific Research A 2, 1949.
// Where two builds are compared row by row, only the two of a row need be alike: they are
// neighbours. A regime of the machine that begins somewhere in a block then falls between
// the two of one row at most, not between the halves of all. Rows are shuffled; a coin says
// who of a row runs first, the other way round in every second round.
//
#ifndef QUARTET_DRIVER_STATISTICS_ORDER_H
#define QUARTET_DRIVER_STATISTICS_ORDER_H

#include <stddef.h>
#include <stdint.h>

#define ORDER_CELLS_MAXIMUM 65 // those of a table, and a twin
#define ORDER_PAIRS_MAXIMUM 32
#define ORDER_TWIN          0x80 // added to a number: its second run in this round

// After how many rounds all is balanced: n or 2n.
size_t order_period(size_t cells);

// Fills order[round * cells + position] with cell numbers, for all rounds. Rows and
// names of the cells are shuffled from the seed: the same seed gives the same order.
void order_make(uint64_t seed, size_t cells, size_t rounds, uint8_t *order);

// Fills order[round * (2 * pairs + 1) + position] with 2 * pair and 2 * pair + 1, the two of
// a pair next to each other; in round r (from 0) one of pair r modulo `pairs` runs a second
// time, right after itself. The same seed gives the same order, however many rounds follow.
void order_make_pairs(uint64_t seed, size_t pairs, size_t rounds, uint8_t *order);

#endif
