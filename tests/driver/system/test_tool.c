// SPDX-License-Identifier: MIT
//
// test_tool.c - driver/system/tool.c and janitor.c: how a program ends is told apart, and
// nothing that it has started outlives it. The programs are shells.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/system/janitor.h"
#include "driver/system/tool.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON_NS (20 * NS_PER_SECOND) // for what ends by itself
#define NOW_NS  (NS_PER_SECOND / 5)  // for what does not

static int run_shell(const char *script, uint64_t timeout_ns, struct reason *reason)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct tool tool = {
        .argv = argv, .output_fd = null, .error_fd = null, .timeout_ns = timeout_ns};
    int end = tool_run(&tool, reason);
    close(null);
    return end;
}

static void the_end_of_a_program_is_told(void **state)
{
    (void)state;
    struct reason reason;
    assert_int_equal(run_shell("exit 0", SOON_NS, &reason), 0);
    assert_int_equal(run_shell("exit 42", SOON_NS, &reason), 42);
    assert_int_equal(run_shell("kill -TERM $$", SOON_NS, &reason), 128 + SIGTERM);
    assert_int_equal(run_shell("sleep 600", NOW_NS, &reason), -ETIMEDOUT);
    assert_non_null(strstr(reason.text, "did not end within"));
}

static void a_missing_program_is_told(void **state)
{
    (void)state;
    struct reason reason;
    char text[64];
    const char *const missing[] = {"no-such-program-anywhere", NULL};
    const char *const folder[] = {"/tmp", NULL};
    assert_int_equal(tool_capture(missing, SOON_NS, text, sizeof text, &reason), -ENOENT);
    assert_int_equal(tool_capture(folder, SOON_NS, text, sizeof text, &reason), -EACCES);
}

static void what_is_printed_is_captured(void **state)
{
    (void)state;
    char text[8];
    const char *const argv[] = {"sh", "-c", "echo out; echo err >&2", NULL};
    assert_int_equal(tool_capture(argv, SOON_NS, text, sizeof text, NULL), 0);
    assert_string_equal(text, "out\n");
    const char *const more[] = {"echo", "0123456789", NULL};
    assert_int_equal(tool_capture(more, SOON_NS, text, sizeof text, NULL), 0);
    assert_string_equal(text, "0123456");
}

// The number that a script has left in a file.
static pid_t read_pid(const char *path)
{
    int pid = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[32] = "";
    assert_non_null(fgets(line, sizeof line, file));
    pid = (int)strtol(line, NULL, 10);
    fclose(file);
    assert_true(pid > 1);
    return pid;
}

static void assert_gone(pid_t pid)
{
    uint64_t deadline = clock_now_ns() + 2 * NS_PER_SECOND;
    struct timespec pause = clock_timespec(NS_PER_SECOND / 100);
    while (kill(pid, 0) == 0 && clock_now_ns() < deadline)
        nanosleep(&pause, NULL);
    assert_int_equal(kill(pid, 0), -1);
}

// Whether it ends by itself or at the deadline, and even if it ignores SIGTERM.
static void what_a_program_leaves_behind_is_killed(void **state)
{
    const char *file = *state;
    char script[256];
    tool_adopt_orphans();
    snprintf(script, sizeof script, "sleep 600 & echo $! >%s", file);
    assert_int_equal(run_shell(script, SOON_NS, NULL), 0);
    assert_gone(read_pid(file));
    snprintf(script, sizeof script,
             "trap '' TERM; (trap '' TERM; echo $$ >%s; sleep 600; sleep 600) & wait",
             file);
    assert_int_equal(run_shell(script, NOW_NS, NULL), -ETIMEDOUT);
    assert_gone(read_pid(file));
}

static void the_lifeline_does_not_leak(void **state)
{
    (void)state;
    struct janitor janitor;
    char text[256] = "";
    char lifeline[16];
    // 3 is what ls itself opens; keep the lifeline away from there.
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_int_equal(janitor_start(&janitor, NULL), 0);
    assert_true(janitor.lifeline > 3);
    const char *const argv[] = {"sh", "-c", "ls /proc/self/fd | tr '\\n' ' '", NULL};
    assert_int_equal(tool_capture(argv, SOON_NS, text, sizeof text, NULL), 0);
    assert_non_null(strstr(text, " 2 "));
    snprintf(lifeline, sizeof lifeline, " %d ", janitor.lifeline);
    assert_null(strstr(text, lifeline));
    janitor_stop(&janitor);
    close(null);
}

static void the_janitor_removes_the_folder(void **state)
{
    (void)state;
    struct janitor janitor;
    struct stat status;
    char path[4096];
    assert_int_equal(janitor_start(&janitor, NULL), 0);
    snprintf(path, sizeof path, "%s/file", janitor.folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    close(fd);
    janitor_stop(&janitor);
    assert_int_equal(stat(janitor.folder, &status), -1);
}

// A driver of its own: starts a janitor and a program, and is killed meanwhile.
static void be_killed_while_a_program_runs(const char *file, int folder_fd)
{
    struct janitor janitor;
    char script[256];
    if (janitor_start(&janitor, NULL) != 0)
        _exit(1);
    if (write(folder_fd, janitor.folder, sizeof janitor.folder) < 0)
        _exit(1);
    close(folder_fd);
    snprintf(script, sizeof script, "echo $$ >%s; kill -KILL $PPID; sleep 600", file);
    const char *const argv[] = {"sh", "-c", script, NULL};
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct tool tool = {.argv = argv,
                        .output_fd = null,
                        .error_fd = null,
                        .timeout_ns = SOON_NS,
                        .janitor = &janitor};
    tool_run(&tool, NULL);
    _exit(1);
}

static void sigkill_of_the_driver_leaves_nothing(void **state)
{
    const char *file = *state;
    char folder[sizeof((struct janitor *)NULL)->folder] = "";
    int ends[2];
    int status;
    struct stat found;
    assert_int_equal(pipe(ends), 0);
    tool_adopt_orphans();
    pid_t driver = fork();
    if (driver == 0)
        be_killed_while_a_program_runs(file, ends[1]);
    close(ends[1]);
    assert_true(read(ends[0], folder, sizeof folder) > 0);
    assert_int_equal(waitpid(driver, &status, 0), driver);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    // The janitor and the program are ours now. Both end within a second on a machine
    // that has time for them, and are given some more where it has not.
    uint64_t begin = clock_now_ns();
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    assert_true(clock_now_ns() - begin < 5 * NS_PER_SECOND);
    assert_gone(read_pid(file));
    assert_int_equal(stat(folder, &found), -1);
    close(ends[0]);
}

static int make_file(void **state)
{
    static char path[] = "/tmp/quartet-test-XXXXXX";
    int fd = mkstemp(path);
    *state = path;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    return unlink(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_a_program_is_told),
        cmocka_unit_test(a_missing_program_is_told),
        cmocka_unit_test(what_is_printed_is_captured),
        cmocka_unit_test(what_a_program_leaves_behind_is_killed),
        cmocka_unit_test(the_lifeline_does_not_leak),
        cmocka_unit_test(the_janitor_removes_the_folder),
        cmocka_unit_test(sigkill_of_the_driver_leaves_nothing),
    };
    return cmocka_run_group_tests_name("tool", tests, make_file, remove_file);
}
