// SPDX-License-Identifier: MIT
//
// place.h - files that lie beside the program and are not in it: claims, and the Python
// lanes that some of them measure.
#ifndef QUARTET_DRIVER_CLAIMS_PLACE_H
#define QUARTET_DRIVER_CLAIMS_PLACE_H

#include <stddef.h>

// The folder of this name in the source tree that the program was built in, or in the
// installation that it is a part of; "" where neither has it.
void place_find(const char *name, char *path, size_t size);

#endif
