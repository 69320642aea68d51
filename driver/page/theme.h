// SPDX-License-Identifier: MIT
//
// theme.h - how pages and plots look: one style sheet for light, dark and paper, with the
// colours of M. Okabe and K. Ito ("Color universal design", 2008), which people with any
// kind of colour vision tell apart. On white the lighter ones are darkened until they have
// a contrast of 3 : 1 (WCAG 2.1, 1.4.11). No colour stands alone: marks have shapes, too.
#ifndef QUARTET_DRIVER_PAGE_THEME_H
#define QUARTET_DRIVER_PAGE_THEME_H

#include <stdio.h>

#define THEME_COLOURS 8   // classes c0 ... c7
#define THEME_SHAPES  7   // without a common divisor: 56 series differ
#define THEME_LETTER  7.0 // units that a letter of a plot is wide, or less

// The style sheet of a page, and the part of it that a plot alone needs.
void theme_page(FILE *file);
void theme_plot(FILE *file);

#endif
