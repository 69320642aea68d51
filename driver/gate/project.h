// SPDX-License-Identifier: MIT
//
// project.h - the gate in anybody's git repository: how it is built, and which commands are
// compared. It comes from the command line, or from quartet.json at the top of the repository:
//
//   {"schema": "quartet.project/1", "base": "origin/main", "build": "make -s",
//    "commands": [{"name": "parse", "command": "./prog data.txt"}]}
//
// Base and head are two commits. Both are checked out below the work folder of the session,
// into folders whose paths are equally long, and built there. The user's own tree is not
// touched, and what is in no commit is not measured.
//
// Read next: revision.h for the checkout, plan/command_rows.h for the rows.
#ifndef QUARTET_DRIVER_GATE_PROJECT_H
#define QUARTET_DRIVER_GATE_PROJECT_H

#include "driver/gate/base.h"
#include "driver/plan/command_rows.h"
#include "driver/plan/file.h"
#include "driver/system/janitor.h"
#include "lib/options.h"

#define PROJECT_FILE   "quartet.json"
#define PROJECT_SCHEMA "quartet.project/1"

// The choices of the command line; NULL or empty: what quartet.json says.
struct project_choice {
    const char *base;
    const char *head;
    const char *build;
    const struct option_list *commands; // "NAME=COMMAND", or a command
    bool shell;                         // of those commands
    bool any_output;
};

struct project {
    json_t *json;          // of quartet.json, or made of the command line; owned
    const char *base;      // the revision that is compared with; NULL: nobody has said
    const char *head;      // the revision that is compared
    const char *build;     // a command of sh; NULL: there is nothing to build
    const char *threshold; // as the option of that name, or NULL
    size_t count;          // of commands; 0: this is no project
    struct command_row rows[COMMAND_ROWS_MAXIMUM]; // texts borrowed from `json`
    struct revision tree;                          // of head
    struct plan_file plan;                         // a table for each command
};

// Reads the choices, and quartet.json where the commands are not among them. 0; -EINVAL with
// the reason. No quartet.json and no --build and --command: 0, and project->count is 0.
int project_read(struct project *project, const struct project_choice *choice,
                 struct reason *reason);

// Checks out and builds both, and adds the rows of each to base->set and `head`. 0; -ENOENT:
// no such revision; -EINTR; or another -errno; with the reason.
int project_open(struct project *project, struct base *base, struct runner_set *head,
                 const struct janitor *janitor, struct reason *reason);

// Keeps git from seeing the report, should it lie in the user's tree, by a .gitignore: in the
// folder where the user has chosen one, else beside it. 0, or -errno with the reason.
int project_hide(const char *folder, bool chosen, struct reason *reason);

void project_close(struct project *project);

#endif
