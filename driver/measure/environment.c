// SPDX-License-Identifier: MIT
//
// The environment of a report: see environment.h. Hardware and limits have files of
// their own; here are the tools, the moment, and the two hashes.
#define _GNU_SOURCE // confstr() with _CS_GNU_LIBC_VERSION, statfs()
#include "driver/measure/environment.h"

#include "driver/report/tree.h"
#include "driver/system/proc.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#define HASH_TIMEOUT_NS (20 * NS_PER_SECOND)
#define SHA256_DIGITS   64

// ---- hashes ------------------------------------------------------------------------

static uint64_t hash_text(uint64_t digest, const char *text)
{
    for (; *text != '\0'; text++)
        digest = mix_into(digest, (unsigned char)*text);
    return mix_into(digest, 0x100); // the end, so that "ab","c" differs from "a","bc"
}

static json_t *hash_json(uint64_t digest)
{
    return json_sprintf("%016llx", (unsigned long long)digest);
}

static json_t *hash_host(void)
{
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    return name[0] == '\0' ? json_null() : hash_json(hash_text(0, name));
}

void environment_kernel(const json_t *environment, char text[ENVIRONMENT_KERNEL_SIZE])
{
    const char *release = tree_text(environment, "kernel", "");
    size_t length = strcspn(release, ".");
    if (release[length] == '.')
        length += 1 + strspn(release + length + 1, "0123456789");
    snprintf(text, ENVIRONMENT_KERNEL_SIZE, "%.*s", (int)length, release);
}

static json_t *hash_testbed(const json_t *environment)
{
    static const char *const keys[] = {"architecture", "cpu_model", "cpus_online",
                                       "cpu_quota", "virtualisation"};
    uint64_t digest = 0;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        char *text = json_dumps(json_object_get(environment, keys[i]), JSON_ENCODE_ANY);
        digest = hash_text(digest, text == NULL ? "" : text);
        free(text);
    }
    char kernel[ENVIRONMENT_KERNEL_SIZE];
    environment_kernel(environment, kernel);
    return hash_json(hash_text(digest, kernel));
}

// ---- tools -------------------------------------------------------------------------

// {"coroutine": "<sha256>", ...}: exactly these files were measured.
static json_t *hash_runners(const struct runner_set *set)
{
    json_t *hashes = json_object();
    for (size_t i = 0; i < set->count; i++) {
        char text[256] = "";
        const char *const argv[] = {"sha256sum", "-b", set->list[i].path, NULL};
        bool known = tool_capture(argv, HASH_TIMEOUT_NS, text, sizeof text, NULL) == 0 &&
                     strlen(text) > SHA256_DIGITS;
        json_object_set_new(hashes, set->list[i].name,
                            known ? json_stringn(text, SHA256_DIGITS) : json_null());
    }
    return hashes;
}

static json_t *libc_version(void)
{
    char text[128];
    size_t length = confstr(_CS_GNU_LIBC_VERSION, text, sizeof text);
    return length > 0 && length <= sizeof text ? json_string(text) : json_null();
}

static void add_tools(json_t *environment, const struct runner_set *set,
                      const char *hyperfine)
{
    json_t *build = set->list[0].describe.build;
    json_object_set_new(environment, "hyperfine", json_string(hyperfine));
    json_object_set_new(environment, "jansson", json_string(jansson_version_str()));
    json_object_set_new(environment, "libc", libc_version());
    json_object_set(environment, "build", build == NULL ? json_null() : build);
    json_object_set_new(environment, "runners_sha256", hash_runners(set));
}

// ---- this moment, this place -------------------------------------------------------

static json_t *load_averages(void)
{
    char text[128];
    double load[3];
    if (!proc_file_read("/proc/loadavg", text, sizeof text) ||
        proc_file_numbers(text, load, ARRAY_LEN(load)) != ARRAY_LEN(load))
        return json_null();
    return json_pack("[f, f, f]", load[0], load[1], load[2]);
}

static json_t *uptime_seconds(void)
{
    char text[128];
    double seconds;
    bool known = proc_file_read("/proc/uptime", text, sizeof text) &&
                 proc_file_numbers(text, &seconds, 1) == 1;
    return known ? json_real(seconds) : json_null();
}

static json_t *file_system(const char *path)
{
    static const struct {
        unsigned long magic;
        const char *name;
    } known[] = {{0xef53, "ext4"},      {0x01021994, "tmpfs"}, {0x794c7630, "overlay"},
                 {0x9123683e, "btrfs"}, {0x58465342, "xfs"},   {0x2fc12fc1, "zfs"},
                 {0x6969, "nfs"},       {0xf2f52010, "f2fs"}};
    struct statfs status;
    if (statfs(path, &status) != 0)
        return json_null();
    unsigned long magic = (unsigned long)status.f_type & 0xffffffff;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (known[i].magic == magic)
            return json_string(known[i].name);
    return json_sprintf("0x%lx", magic);
}

// The variables by which CI services say who they are; those that are set.
static json_t *ci_variables(void)
{
    static const char *const names[] = {"CI",
                                        "GITHUB_ACTIONS",
                                        "GITHUB_SHA",
                                        "GITHUB_REF",
                                        "GITHUB_RUN_ID",
                                        "RUNNER_OS",
                                        "GITLAB_CI",
                                        "BUILDKITE",
                                        "CI_COMMIT_SHA",
                                        "CI_PIPELINE_ID",
                                        "JENKINS_HOME",
                                        "CIRCLE_SHA1",
                                        "TRAVIS_COMMIT",
                                        "BUILDKITE_COMMIT"};
    json_t *variables = json_object();
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (getenv(names[i]) != NULL)
            json_object_set_new(variables, names[i], json_string(getenv(names[i])));
    return variables;
}

static void add_system(json_t *environment)
{
    struct utsname system;
    if (uname(&system) != 0)
        return;
    json_object_set_new(environment, "system", json_string(system.sysname));
    json_object_set_new(environment, "kernel", json_string(system.release));
    json_object_set_new(environment, "kernel_build", json_string(system.version));
    json_object_set_new(environment, "architecture", json_string(system.machine));
}

void environment_testbed(char *testbed, size_t size)
{
    json_t *environment = json_object();
    add_system(environment);
    environment_add_hardware(environment);
    environment_add_limits(environment);
    json_t *hash = hash_testbed(environment);
    snprintf(testbed, size, "%s", json_string_value(hash));
    json_decref(hash);
    json_decref(environment);
}

json_t *environment_describe(const struct runner_set *set, const char *hyperfine,
                             const char *work_folder)
{
    json_t *environment = json_object();
    add_system(environment);
    json_object_set_new(environment, "host_hash", hash_host());
    environment_add_hardware(environment);
    environment_add_limits(environment);
    json_object_set_new(environment, "load", load_averages());
    json_object_set_new(environment, "uptime_s", uptime_seconds());
    json_object_set_new(environment, "work_file_system", file_system(work_folder));
    json_object_set_new(environment, "ci", ci_variables());
    add_tools(environment, set, hyperfine);
    json_object_set_new(environment, "testbed", hash_testbed(environment));
    return environment;
}
