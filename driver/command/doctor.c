// SPDX-License-Identifier: MIT
//
// doctor.c - `quartet doctor`: is this machine fit for measuring? Looks at parts,
// limits, CPUs and noise, and says of each what to do if it is not as it should be.
//
// Read next: limits.c.
#include "driver/doctor/doctor.h"
#include "driver/command/commands.h"
#include "driver/measure/environment.h"
#include "driver/report/read.h"
#include "driver/show/tables.h"
#include "lib/error.h"
#include "lib/options.h"
#include "lib/plain.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const struct {
    const char *word;
    const char *colour;
} finding_words[FINDING_COUNT] = {
    [FINDING_OK] = {"ok", "\033[32m"},
    [FINDING_NOTE] = {"note", "\033[33m"},
    [FINDING_PROBLEM] = {"problem", "\033[31m"},
    [FINDING_FATAL] = {"MISSING", "\033[1;31m"},
};

void doctor_say(struct doctor *doctor, enum finding finding, const char *subject,
                const char *remedy, const char *format, ...)
{
    doctor->counts[finding]++;
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (doctor->file == NULL) {
        if (finding == FINDING_PROBLEM || finding == FINDING_FATAL)
            warn("this machine: %s: %s (see 'quartet doctor')", subject, text);
        return;
    }
    fprintf(doctor->file, "  %s%-7s%s  %-16s ",
            doctor->colour ? finding_words[finding].colour : "",
            finding_words[finding].word, doctor->colour ? "\033[0m" : "", subject);
    plain_line(doctor->file, "%s", text);
    if (remedy != NULL)
        fprintf(doctor->file, "           -> %s\n", remedy);
}

const char *doctor_text(const struct doctor *doctor, const char *name,
                        const char *missing)
{
    const char *text = environment_text(doctor->environment, name);
    return text == NULL ? missing : text;
}

void doctor_title(struct doctor *doctor, const char *title)
{
    if (doctor->file != NULL)
        fprintf(doctor->file, "%s\n", title);
}

void doctor_warn(bool noise_accepted)
{
    struct doctor doctor = {.environment = json_object()};
    doctor_trials(&doctor);
    if (!noise_accepted)
        doctor_noise(&doctor);
    json_decref(doctor.environment);
}

static void print_result(const struct doctor *doctor)
{
    unsigned notes = doctor->counts[FINDING_NOTE];
    unsigned problems = doctor->counts[FINDING_PROBLEM];
    fprintf(doctor->file,
            "\n%u ok, %u note%s, %u problem%s: ", doctor->counts[FINDING_OK], notes,
            notes == 1 ? "" : "s", problems, problems == 1 ? "" : "s");
    if (doctor->counts[FINDING_FATAL] > 0)
        fprintf(doctor->file,
                "quartet cannot work here until the missing parts are there.\n");
    else if (problems > 0)
        fprintf(doctor->file,
                "quartet works, but some comparisons will be refused or vague.\n");
    else
        fprintf(doctor->file, "quartet can measure here.\n");
}

int command_doctor(int argc, char **argv)
{
    bool help = false;
    command_parse("doctor", &help, &help, &(struct command_line){argc, argv, NULL, 0});
    struct tables_style style;
    tables_style_detect(&style, stdout);
    struct doctor doctor = {.file = stdout,
                            .colour = style.colour,
                            .environment = json_object()};
    environment_add_hardware(doctor.environment);
    environment_add_limits(doctor.environment);
    doctor_parts(&doctor);
    doctor_limits(&doctor);
    doctor_cpus(&doctor);
    doctor_trials(&doctor);
    doctor_noise(&doctor);
    print_result(&doctor);
    json_decref(doctor.environment);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write: %s", strerror(errno));
    return doctor.counts[FINDING_FATAL] > 0 ? EXIT_CANNOT : EXIT_FINE;
}
