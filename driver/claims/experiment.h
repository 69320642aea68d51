// SPDX-License-Identifier: MIT
//
// experiment.h - runs what a claim asks for: its plan as a session of `quartet run`, in a
// child, and its Python program as often as it says. What cannot be run on this machine is
// skipped, with a reason.
//
// Read next: figure.h for what is made of it.
#ifndef QUARTET_DRIVER_CLAIMS_EXPERIMENT_H
#define QUARTET_DRIVER_CLAIMS_EXPERIMENT_H

#include "driver/claims/claim.h"
#include "driver/report/model.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

// The same for all claims of one call.
struct experiment_setting {
    const char *claims; // folder of the claims, for their Python programs
    const char *lanes;  // folder of the Python runners; "": there is none
    const char *folder; // where reports are left: FOLDER/ID/
    uint64_t rounds;    // 0: as the plan says
    uint64_t seed;      // 0: drawn
    bool accept_noise;
    bool allow_unoptimised;
    bool only_check; // run nothing: can it be run as it stands?
    const struct janitor *janitor;
};

struct experiment {
    struct report report; // analysed
    bool measured;        // there is one
    json_t *outputs;      // objects that Python has printed, or NULL; owned
    bool skipped;
    struct reason reason; // why skipped
};

// Runs it. 0 also when it was skipped; -EINTR: the user wants to stop; or another -errno
// with the reason: the experiment is broken. experiment_free() in every case.
int experiment_run(const struct claim *claim, const struct experiment_setting *setting,
                   struct experiment *experiment, struct reason *reason);
void experiment_free(struct experiment *experiment);

#endif
