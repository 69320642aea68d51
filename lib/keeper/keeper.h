// SPDX-License-Identifier: MIT
//
// keeper.h - a temporary folder, and perhaps a server in it, that are gone when their
// owner is, however it ends.
//
// The keeper is a small process beside its owner. It makes the folder, prepares what shall
// lie in it, starts the server, and then waits for the end of a socket, which the kernel
// delivers when the owner closes it or dies, even by SIGKILL. Then it stops the server,
// removes the folder, and ends. Nothing that it does is part of its owner's CPU time until
// the owner has waited for it.
//
//     owner                      keeper                           server
//     keeper_start()  --fork-->  folder, plan->prepare():
//         |                        keeper_run(), keeper_serve() --exec-->  serves
//       greeting   <------------                                             |
//     ... its work ...           waits                                       |
//     keeper_stop()   --end-->   stops it  ------------------signal---------> ends
//       farewell   <------------  removes the folder
//
// Read next: workloads/lite/workload.c for a folder alone, workloads/cache/server.c for a
// server.
#ifndef QUARTET_LIB_KEEPER_H
#define QUARTET_LIB_KEEPER_H

#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define KEEPER_PATH 512

struct keeper_site;

struct keeper_plan {
    const char *name;   // the folder is PARENT/quartet-NAME-XXXXXX
    const char *parent; // NULL: folder_temporary()
    bool keep;          // the folder stays, for whoever wants to look into it
    const char *cpus;   // where keeper and server run; NULL: where the owner does
    const char
        *users; // "postgres nobody": the first that exists owns the folder and runs
                // what is started there, if we are root; NULL: nobody else
    // Fills the folder and starts the server, in the keeper's process. 0, or -errno with
    // the reason; it must not wait for anything without end. NULL: nothing to do.
    int (*prepare)(struct keeper_site *site, struct reason *reason);
    // After the server's end, well or not, before the folder goes. NULL: nothing to do.
    void (*conclude)(struct keeper_site *site);
    void *context; // for these two
};

// ---- the owner's side ------------------------------------------------------------------

struct keeper {
    pid_t pid;                // 0: there is none
    int control;              // our end of the socket
    pid_t server;             // 0: none was started
    bool keep;                // its folder
    char folder[KEEPER_PATH]; // absolute
};

// Starts a keeper and waits until all is prepared. 0, or -errno with the reason, and then
// nothing is left.
int keeper_start(struct keeper *keeper, const struct keeper_plan *plan,
                 struct reason *reason);

// Ends the server and the keeper. 0; -EIO: the server had ended before (the reason says
// how), or the keeper had; -ETIMEDOUT: one of them had to be killed. Does nothing if there
// is none.
int keeper_stop(struct keeper *keeper, struct reason *reason);

// ---- the keeper's side: for prepare() and conclude() -----------------------------------

struct keeper_site {
    const struct keeper_plan *plan;
    const char *folder;
    uid_t user; // who runs what is started here
    gid_t group;
    pid_t server;
    int stop_signal;
    void *held; // the plan's own, from prepare() to conclude()
};

// Runs a program in the folder, for `timeout_ns` at most; what it says goes to the file
// "log" there. argv[0] is its path. 0, or -EIO with its name, its end and its last words.
int keeper_run(const struct keeper_site *site, const char *const *argv,
               uint64_t timeout_ns, struct reason *reason);

// Starts the server in the folder; `stop_signal` is what asks it to end, at once if the
// keeper dies. There is one at most. 0 or -errno: it may still fail to become a server.
int keeper_serve(struct keeper_site *site, const char *const *argv, int stop_signal,
                 struct reason *reason);

// Has the server not ended? 0, or -EIO with its end and its last words.
int keeper_check(const struct keeper_site *site, struct reason *reason);

// Looks for a program in $PATH, then in FOLDER/VERSION/bin, the last version first (NULL:
// nowhere else). 0 and its path, or -ENOENT.
int keeper_find(const char *program, const char *folder, char *path, size_t size);

#endif
