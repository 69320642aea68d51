// SPDX-License-Identifier: MIT
//
// revision.c - see revision.h.
#define _GNU_SOURCE // realpath() is of XSI, not of POSIX alone
#include "driver/gate/revision.h"

#include "driver/system/telling.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Variables that speak of another tree than the one that is built: a git hook that calls this
// program has set them, a make that does, and the person who uses either. Git prints those of
// its own that belong to a repository.
static const char *const unwanted[] = {"GIT_EXTERNAL_DIFF",
                                       "GIT_TRACE",
                                       "GIT_ATTR_SOURCE",
                                       "GIT_NAMESPACE",
                                       "MAKEFLAGS",
                                       "MAKELEVEL",
                                       "MFLAGS",
                                       "MAKEFILES",
                                       "MAKEOVERRIDES",
                                       "MAKE_TERMOUT",
                                       "MAKE_TERMERR",
                                       "MAKE_RESTARTS",
                                       "MAKECMDGOALS",
                                       "GNUMAKEFLAGS",
                                       "LINKS",
                                       "BUILD",
                                       "WERROR"};
// This one stays: a CI service has fetched there what its clone lacks.
#define WANTED "GIT_ALTERNATE_OBJECT_DIRECTORIES"

// Programs that a repository names to be run by git.
#define WITHOUT_GIT_PROGRAMS                                                             \
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"

#define GIT_TIMEOUT_NS   (120 * NS_PER_SECOND)
#define BUILD_TIMEOUT_NS (1200 * NS_PER_SECOND)

// ---- a command without those variables ---------------------------------------------

#define WORDS_MAXIMUM 160
#define NAMES_SIZE    2048

struct words {
    size_t count;
    const char *list[WORDS_MAXIMUM]; // ended by NULL
    char names[NAMES_SIZE];          // of git, each ended by '\0'
};

static void add_word(struct words *words, const char *word)
{
    CHECK(words->count + 1 < WORDS_MAXIMUM);
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

static void add_unset(struct words *words, const char *name)
{
    add_word(words, "-u");
    add_word(words, name);
}

// "env -u NAME ...". A git that does not print its list has failed before, or will.
static void begin_words(struct words *words)
{
    static const char *const ask[] = {"git", "rev-parse", "--local-env-vars", NULL};
    char *rest = NULL;
    words->count = 0;
    add_word(words, "env");
    for (size_t i = 0; i < ARRAY_LEN(unwanted); i++)
        add_unset(words, unwanted[i]);
    if (tool_capture(ask, GIT_TIMEOUT_NS, words->names, sizeof words->names, NULL) != 0)
        return;
    for (char *name = strtok_r(words->names, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest))
        if (strcmp(name, WANTED) != 0 && words->count + 40 < WORDS_MAXIMUM)
            add_unset(words, name);
}

static void add_words(struct words *words, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++)
        add_word(words, list[i]);
}

// ---- git ---------------------------------------------------------------------------

// Runs git and gives the first line of what it prints. 0, or -errno with the reason.
static int git_line(const char *const *argv, char *line, size_t size,
                    struct reason *reason)
{
    char text[4096] = "";
    char said[4096] = "";
    struct reason why;
    int end =
        tool_capture_both(argv, GIT_TIMEOUT_NS, &(struct tool_text){text, sizeof text},
                          &(struct tool_text){said, sizeof said}, &why);
    if (end == -ENOENT)
        return reason_set(reason, -ENOENT,
                          "git is not installed, which --base needs for a revision; give "
                          "it the folder of a build or a report");
    if (end > 0)
        telling_line_in(said, why.text, sizeof why.text);
    if (end != 0)
        return reason_set(reason, end < 0 ? end : -EPROTO, "%s", why.text);
    snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
    return 0;
}

// Git says in its own words why it looks at no tree, such as one that another user owns. 0:
// there is none.
static int refuse_tree(const struct revision *revision, struct reason *reason)
{
    static const char *const ask[] = {"sh", "-c",
                                      "LC_ALL=C exec git rev-parse --show-toplevel 2>&1",
                                      NULL};
    char text[4096] = "";
    struct reason why;
    int end = tool_capture(ask, GIT_TIMEOUT_NS, text, sizeof text, &why);
    if (end < 0)
        return reason_set(reason, end, "%s", why.text);
    if (strstr(text, "not a git repository") != NULL)
        return 0;
    if (strstr(text, "dubious ownership") == NULL) {
        telling_line_in(text, why.text, sizeof why.text);
        return reason_set(reason, -EPROTO, "--%s %.100s: git: %.300s", revision->side,
                          revision->name, why.text);
    }
    return reason_set(reason, -EPERM,
                      "--%s %.100s: git does not trust this tree, since another user "
                      "owns it; if you do: git config --global --add safe.directory "
                      "FOLDER, with the folder of the tree",
                      revision->side, revision->name);
}

int revision_top(char *top, size_t size, struct reason *reason)
{
    const char *const argv[] = {"git", "rev-parse", "--show-toplevel", NULL};
    return git_line(argv, top, size, reason);
}

// Finds the commit and the tree that it belongs to.
static int find_revision(struct revision *revision, struct reason *reason)
{
    char wanted[512];
    char tree[4096]; // its path does not matter, only that there is one
    snprintf(wanted, sizeof wanted, "%s^{commit}", revision->name);
    const char *const parse[] = {"git",     "rev-parse",        "--verify",
                                 "--quiet", "--end-of-options", wanted,
                                 NULL};
    struct reason why;
    int error = revision_top(tree, sizeof tree, &why);
    int refused = error == -EPROTO ? refuse_tree(revision, reason) : 0;
    if (refused != 0)
        return refused;
    if (error == -EPROTO)
        return reason_set(reason, -ENOENT,
                          "--%s %.200s: there is no such file, folder or baseline, and "
                          "this is no git tree whose revision it could be",
                          revision->side, revision->name);
    if (error == 0)
        error = git_line(parse, revision->commit, sizeof revision->commit, &why);
    if (error == -EPROTO)
        return reason_set(reason, -ENOENT,
                          "--%s %.200s: there is no such file, folder, baseline or git "
                          "revision "
                          "(in CI: is the history fetched?)",
                          revision->side, revision->name);
    return error == 0 ? 0 : reason_set(reason, error, "%s", why.text);
}

static int put_line(const char *folder, const char *name, const char *text)
{
    char path[4400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return -errno;
    int printed = fprintf(file, "%s\n", text);
    return fclose(file) == 0 && printed > 0 ? 0 : -EIO;
}

// A worktree as `git worktree add` makes it, but for what that writes into the repository
// of the user, which would stay there if this program were killed: here, HEAD and all else
// that belongs to the worktree lies in it, and `commondir` says where the rest is (see
// gitrepository-layout(5)).
static int make_worktree(const struct revision *revision, const char *common)
{
    char folder[4200];
    snprintf(folder, sizeof folder, "%s/.git", revision->worktree);
    if (mkdir(revision->worktree, 0700) != 0 || mkdir(folder, 0700) != 0)
        return -errno;
    int error = put_line(folder, "HEAD", revision->commit);
    return error != 0 ? error : put_line(folder, "commondir", common);
}

// Git is told where the repository is and does not look for one: should it not like what
// it finds there, it would go on in the folders above, and $TMPDIR may lie in the user's
// own tree, whose files a reset would take away.
static int check_out(struct revision *revision, const struct janitor *janitor,
                     struct reason *reason)
{
    char line[2048];
    char log_path[4200];
    struct reason why = {"git failed"};
    const char *const where[] = {"git", "rev-parse", "--git-common-dir", NULL};
    const char *const fill[] = {"git",
                                WITHOUT_GIT_PROGRAMS,
                                "-C",
                                revision->worktree,
                                "--git-dir=.git",
                                "--work-tree=.",
                                "reset",
                                "--hard",
                                "--quiet",
                                NULL};
    struct words words;
    begin_words(&words);
    add_words(&words, fill);
    snprintf(revision->worktree, sizeof revision->worktree, "%s/%s", janitor->folder,
             revision->side);
    snprintf(log_path, sizeof log_path, "%s/%s.log", janitor->folder, revision->side);
    int error = git_line(where, line, sizeof line, &why);
    if (error != 0)
        return reason_set(reason, error, "%s", why.text);
    char *common = realpath(line, NULL);
    error = common != NULL ? make_worktree(revision, common) : -errno;
    free(common);
    if (error != 0)
        snprintf(why.text, sizeof why.text, "%s", strerror(-error));
    else
        error = tool_run_logged(words.list, log_path, GIT_TIMEOUT_NS, janitor, &why);
    if (error == 0)
        return 0;
    if (error > 0)
        telling_line_of(log_path, why.text, sizeof why.text);
    return reason_set(reason, error < 0 ? error : -EPROTO,
                      "cannot check %.64s out into '%.300s': %.100s", revision->commit,
                      revision->worktree, why.text);
}

// ---- make --------------------------------------------------------------------------

// Makes one target of the base's tree; the log has what make said. As tool_run_logged().
static int make(const struct revision *revision, const char *target, const char *mode,
                const struct janitor *janitor, const char *log_path,
                struct reason *reason)
{
    char mode_word[64];
    char jobs[32];
    snprintf(mode_word, sizeof mode_word, "MODE=%s", mode);
    snprintf(jobs, sizeof jobs, "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
    const char *const argv[] = {"make", "-s",   "-C",      revision->worktree,
                                jobs,   target, mode_word, NULL};
    struct words words;
    begin_words(&words);
    add_words(&words, argv);
    return tool_run_logged(words.list, log_path, BUILD_TIMEOUT_NS, janitor, reason);
}

// Makes what a tree of before it was thought of cannot make, and is measured without. 0 or
// -EINTR.
static int make_if_known(const struct revision *revision, const char *target,
                         const char *mode, const struct janitor *janitor,
                         struct reason *reason)
{
    char log_path[4200];
    struct reason why;
    snprintf(log_path, sizeof log_path, "%s/%s.log", janitor->folder, target);
    int end = make(revision, target, mode, janitor, log_path, &why);
    return end == -EINTR ? reason_set(reason, -EINTR, "%s", why.text) : 0;
}

int revision_build_lanes(const struct revision *revision, const struct janitor *janitor,
                         struct reason *reason)
{
    return make_if_known(revision, "lane-programs", "release", janitor, reason);
}

static int build(const struct revision *revision, const char *mode,
                 const struct janitor *janitor, struct reason *reason)
{
    char log_path[4200];
    struct reason why;
    snprintf(log_path, sizeof log_path, "%s/base.log", janitor->folder);
    int end = make(revision, "all", mode, janitor, log_path, &why);
    if (end == 0)
        return make_if_known(revision, "links", mode, janitor, reason);
    char line[256];
    telling_line_of(log_path, line, sizeof line);
    if (end < 0)
        return reason_set(reason, end, "cannot build the base: %.400s", why.text);
    return reason_set(
        reason, -EPROTO,
        "--base %.100s does not build: make ended with exit code %d: %.200s",
        revision->name, end, line);
}

void revision_warn_of_lacking(const struct revision *revision)
{
    char range[128];
    char line[64] = "";
    struct reason why;
    snprintf(range, sizeof range, "HEAD..%.72s", revision->commit);
    const char *const count[] = {"git", "rev-list", "--count", range, NULL};
    int error = git_line(count, line, sizeof line, &why);
    if (error == 0 && strcmp(line, "0") != 0)
        warn("%.100s has %s commit%s that HEAD lacks, which are compared as well; 'git "
             "merge-base %.100s HEAD' names the state that HEAD started from",
             revision->name, line, strcmp(line, "1") == 0 ? "" : "s", revision->name);
}

// ---- of anybody --------------------------------------------------------------------

bool revision_has_changes(void)
{
    char line[256] = "";
    struct reason ignored;
    const char *const argv[] = {"git",    WITHOUT_GIT_PROGRAMS, "--no-optional-locks",
                                "status", "--porcelain",        "--untracked-files=no",
                                NULL};
    return git_line(argv, line, sizeof line, &ignored) == 0 && line[0] != '\0';
}

int revision_check_out(struct revision *revision, const struct janitor *janitor,
                       struct reason *reason)
{
    int error = find_revision(revision, reason);
    return error != 0 ? error : check_out(revision, janitor, reason);
}

int revision_build(const struct revision *revision, const char *command,
                   const struct janitor *janitor, struct reason *reason)
{
    char log_path[4200];
    char line[256];
    struct reason why;
    snprintf(log_path, sizeof log_path, "%s/%s.log", janitor->folder, revision->side);
    // The shell goes to the tree by itself: env --chdir is of newer coreutils.
    const char *const argv[] = {
        "sh", "-c", "cd \"$1\" && eval \"$2\"", "sh", revision->worktree, command, NULL};
    struct words words;
    begin_words(&words);
    add_words(&words, argv);
    fprintf(stderr, "building %s, %.12s ...\n", revision->side, revision->commit);
    int end = tool_run_logged(words.list, log_path, BUILD_TIMEOUT_NS, janitor, &why);
    if (end == 0)
        return 0;
    telling_line_of(log_path, line, sizeof line);
    if (end < 0)
        return reason_set(reason, end, "cannot build %s: %.400s", revision->side,
                          why.text);
    return reason_set(
        reason, -EPROTO,
        "--%s %.100s does not build: '%.100s' ended with exit code %d: %.200s",
        revision->side, revision->name, command, end, line);
}

int revision_open(struct revision *revision, const char *mode,
                  const struct janitor *janitor, struct runner_set *runners,
                  struct reason *reason)
{
    int error = revision_check_out(revision, janitor, reason);
    if (error != 0)
        return error;
    revision_warn_of_lacking(revision);
    fprintf(stderr, "building the base, %.12s ...\n", revision->commit);
    error = build(revision, mode, janitor, reason);
    if (error != 0)
        return error;
    char folder[4200];
    snprintf(folder, sizeof folder, "%s/build/%s/bin", revision->worktree, mode);
    return runner_set_find_in(runners, folder, reason);
}

// A name that means two things gets a line that says which one was taken.
void revision_warn(const char *folder)
{
    char commit[128] = "";
    char wanted[512];
    struct reason why;
    snprintf(wanted, sizeof wanted, "%s^{commit}", folder);
    const char *const parse[] = {"git",     "rev-parse",        "--verify",
                                 "--quiet", "--end-of-options", wanted,
                                 NULL};
    if (git_line(parse, commit, sizeof commit, &why) == 0)
        warn("--base %.100s: the folder is taken; " REVISION_PREFIX
             "%.100s names the git revision %.12s",
             folder, folder, commit);
}
