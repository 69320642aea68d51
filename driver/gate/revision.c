// SPDX-License-Identifier: MIT
//
// revision.c - see revision.h.
#define _GNU_SOURCE // realpath() is of XSI, not of POSIX alone
#include "driver/gate/revision.h"

#include "driver/system/tool.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A git hook that calls this program has set variables that speak of the user's worktree.
// GIT_ALTERNATE_OBJECT_DIRECTORIES stays: a CI service has fetched there what its clone lacks.
#define WITHOUT_GIT_SETTINGS                                                             \
    "env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "-u",         \
        "GIT_COMMON_DIR", "-u", "GIT_PREFIX", "-u", "GIT_NAMESPACE", "-u",               \
        "GIT_OBJECT_DIRECTORY", "-u", "GIT_CONFIG_PARAMETERS", "-u", "GIT_CONFIG_COUNT", \
        "-u", "GIT_EXTERNAL_DIFF", "-u", "GIT_TRACE"

// The settings of a make that calls this program are not those of the tree that is built.
#define WITHOUT_MAKE_SETTINGS                                                            \
    "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "-u", "MFLAGS", "-u", "MAKEFILES", "-u",       \
        "MAKEOVERRIDES", "-u", "GNUMAKEFLAGS", "-u", "MAKE_TERMOUT", "-u",               \
        "MAKE_TERMERR", "-u", "LINKS", "-u", "BUILD", "-u", "WERROR"

// Programs that a repository names to be run by git.
#define WITHOUT_GIT_PROGRAMS                                                             \
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"

#define GIT_TIMEOUT_NS   (120 * NS_PER_SECOND)
#define BUILD_TIMEOUT_NS (1200 * NS_PER_SECOND)

// ---- git ---------------------------------------------------------------------------

// Runs git and gives the first line of what it prints. 0, or -errno with the reason.
static int git_line(const char *const *argv, char *line, size_t size,
                    struct reason *reason)
{
    char text[4096] = "";
    struct reason why;
    int end = tool_capture(argv, GIT_TIMEOUT_NS, text, sizeof text, &why);
    if (end == -ENOENT)
        return reason_set(reason, -ENOENT,
                          "git is not installed, which --base needs for a revision; give "
                          "it the folder of a build or a report");
    if (end != 0)
        return reason_set(reason, end < 0 ? end : -EPROTO, "%s",
                          end < 0 ? why.text : "git failed");
    snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
    return 0;
}

// Git says in its own words why it looks at no tree that another user owns. 0: that is not
// what ails it.
static int refuse_owner(const struct revision *revision, struct reason *reason)
{
    static const char *const ask[] = {"sh", "-c",
                                      "LC_ALL=C exec git rev-parse --show-toplevel 2>&1",
                                      NULL};
    char text[4096] = "";
    struct reason why;
    int end = tool_capture(ask, GIT_TIMEOUT_NS, text, sizeof text, &why);
    if (end < 0)
        return reason_set(reason, end, "%s", why.text);
    if (strstr(text, "dubious ownership") == NULL)
        return 0;
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
    int refused = error == -EPROTO ? refuse_owner(revision, reason) : 0;
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

// Runs what may take long. Its output goes into the log; it dies with the driver, however
// that dies. Its exit code, or -errno with the reason.
static int run_logged(const char *const *argv, uint64_t timeout_ns,
                      const struct janitor *janitor, const char *log_path,
                      struct reason *reason)
{
    int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return reason_set(reason, -errno, "cannot write '%.300s': %s", log_path,
                          strerror(errno));
    struct janitor guard = *janitor;
    struct tool tool = {.argv = argv,
                        .output_fd = log,
                        .error_fd = log,
                        .timeout_ns = timeout_ns,
                        .janitor = &guard};
    int end = tool_run(&tool, reason);
    close(log);
    return end;
}

// The first line with an error in it, else the last one that says something; make itself only
// says that there was something.
static void telling_line(const char *path, char *line, size_t size)
{
    char text[512];
    bool error = false;
    FILE *file = fopen(path, "re");
    line[0] = '\0';
    while (!error && file != NULL && fgets(text, sizeof text, file) != NULL) {
        error = strstr(text, "error:") != NULL;
        if (text[strspn(text, " \t\n")] != '\0' && strncmp(text, "make", 4) != 0)
            snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
    }
    if (file != NULL)
        fclose(file);
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
    const char *const fill[] = {WITHOUT_GIT_SETTINGS,
                                "git",
                                WITHOUT_GIT_PROGRAMS,
                                "-C",
                                revision->worktree,
                                "--git-dir=.git",
                                "--work-tree=.",
                                "reset",
                                "--hard",
                                "--quiet",
                                NULL};
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
        error = run_logged(fill, GIT_TIMEOUT_NS, janitor, log_path, &why);
    if (error == 0)
        return 0;
    if (error > 0)
        telling_line(log_path, why.text, sizeof why.text);
    return reason_set(reason, error < 0 ? error : -EPROTO,
                      "cannot check %.64s out into '%.300s': %.100s", revision->commit,
                      revision->worktree, why.text);
}

// ---- make --------------------------------------------------------------------------

// Makes one target of the base's tree; the log has what make said. As run_logged().
static int make(const struct revision *revision, const char *target, const char *mode,
                const struct janitor *janitor, const char *log_path,
                struct reason *reason)
{
    char mode_word[64];
    char jobs[32];
    snprintf(mode_word, sizeof mode_word, "MODE=%s", mode);
    snprintf(jobs, sizeof jobs, "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
    const char *const argv[] = {WITHOUT_GIT_SETTINGS,
                                WITHOUT_MAKE_SETTINGS,
                                "make",
                                "-s",
                                "-C",
                                revision->worktree,
                                jobs,
                                target,
                                mode_word,
                                NULL};
    return run_logged(argv, BUILD_TIMEOUT_NS, janitor, log_path, reason);
}

// A tree that cannot be linked in other orders, as one of before that could be, is measured
// as it is (plan/links.h). 0 or -EINTR.
static int build_links(const struct revision *revision, const char *mode,
                       const struct janitor *janitor, struct reason *reason)
{
    char log_path[4200];
    struct reason why;
    snprintf(log_path, sizeof log_path, "%s/links.log", janitor->folder);
    int end = make(revision, "links", mode, janitor, log_path, &why);
    return end == -EINTR ? reason_set(reason, -EINTR, "%s", why.text) : 0;
}

static int build(const struct revision *revision, const char *mode,
                 const struct janitor *janitor, struct reason *reason)
{
    char log_path[4200];
    struct reason why;
    snprintf(log_path, sizeof log_path, "%s/base.log", janitor->folder);
    int end = make(revision, "all", mode, janitor, log_path, &why);
    if (end == 0)
        return build_links(revision, mode, janitor, reason);
    char line[256];
    telling_line(log_path, line, sizeof line);
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
    const char *const argv[] = {"git",         "--no-optional-locks",  "status",
                                "--porcelain", "--untracked-files=no", NULL};
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
    const char *const argv[] = {WITHOUT_GIT_SETTINGS,
                                WITHOUT_MAKE_SETTINGS,
                                "sh",
                                "-c",
                                "cd \"$1\" && eval \"$2\"",
                                "sh",
                                revision->worktree,
                                command,
                                NULL};
    fprintf(stderr, "building %s, %.12s ...\n", revision->side, revision->commit);
    int end = run_logged(argv, BUILD_TIMEOUT_NS, janitor, log_path, &why);
    if (end == 0)
        return 0;
    telling_line(log_path, line, sizeof line);
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
