// SPDX-License-Identifier: MIT
//
// state.h - where quartet keeps what it has learnt about a machine from one session to
// the next: calibrations, baselines and prices. One folder per testbed (the fingerprint in
// `environment.testbed` of a report), so that a home folder which several machines share
// does not mix them up:
//
//   $XDG_STATE_HOME/quartet/TESTBED/calibration.json
//   $XDG_STATE_HOME/quartet/TESTBED/baselines/NAME.json
//
// XDG_STATE_HOME is ~/.local/state where it is not set, or is no absolute path.
// Source: XDG Base Directory Specification, version 0.8.
#ifndef QUARTET_DRIVER_SYSTEM_STATE_H
#define QUARTET_DRIVER_SYSTEM_STATE_H

#include "lib/error.h"

#include <stddef.h>

#define STATE_PATH_SIZE 4096

// Writes the path of the folder of all testbeds. -ENOENT: neither XDG_STATE_HOME nor HOME
// says where; -ENAMETOOLONG.
int state_root(char *path, size_t size, struct reason *reason);

// Writes the path of `name` ("calibration.json"; "": the folder itself) below the folder
// of this testbed. As state_root(); -EINVAL: the testbed is no fingerprint.
int state_path(const char *testbed, const char *name, char *path, size_t size,
               struct reason *reason);

// Writes the path of `name` below the folder of this testbed, for what can be measured again:
// $XDG_CACHE_HOME/quartet/TESTBED/NAME; XDG_CACHE_HOME is ~/.cache where it is not set, or is
// no absolute path. Errors as state_path().
int state_cache_path(const char *testbed, const char *name, char *path, size_t size,
                     struct reason *reason);

// Makes all folders that lead to the file at `path`. 0, or -errno with the reason.
int state_make_folders(const char *path, struct reason *reason);

#endif
