// SPDX-License-Identifier: MIT
//
// folder.h - temporary folders: where they are made, and how they go, with all that has
// been put into them.
#ifndef QUARTET_LIB_FOLDER_H
#define QUARTET_LIB_FOLDER_H

#include "lib/error.h"

// Where temporary folders belong: $TMPDIR, or /tmp. Borrowed.
const char *folder_temporary(void);

// Can something be put into the folder? 0, or -errno with the reason, as the value of --dir.
int folder_check(const char *path, struct reason *reason);

// Removes all that lies in the folder, and the folder; links are not followed. A program
// that is just dying may add one more file, so this is tried for 200 ms. 0, or -errno when
// the folder is still there.
int folder_remove(const char *path);

#endif
