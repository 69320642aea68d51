// SPDX-License-Identifier: MIT
//
// svg.h - strips as a picture: SVG by itself, or in a page of HTML that needs nothing else.
#ifndef QUARTET_DRIVER_TRACE_SVG_H
#define QUARTET_DRIVER_TRACE_SVG_H

#include "driver/trace/strip.h"

#include <stdio.h>

void strip_svg(FILE *file, const struct strips *strips);

// The same with the sums of each strip as a table.
void strip_html(FILE *file, const struct strips *strips);

#endif
