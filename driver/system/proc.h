// SPDX-License-Identifier: MIT
//
// proc.h - the small text files by which the kernel tells about itself, in /proc
// and /sys, and the numbers in them.
#ifndef QUARTET_DRIVER_SYSTEM_PROC_H
#define QUARTET_DRIVER_SYSTEM_PROC_H

#include <stdbool.h>
#include <stddef.h>

// The content of a file, cut to `size`. False when there is none or it is empty.
bool proc_file_read(const char *path, char *text, size_t size);

// The numbers at the beginning of `text`, separated by blanks; at most `room`. Returns
// how many there are before something else begins.
size_t proc_file_numbers(const char *text, double *numbers, size_t room);

#endif
