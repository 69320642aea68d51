// SPDX-License-Identifier: MIT

// The command line of a runner: quantities with their units, ranges, and exit code 2 with what
// is wrong for all that cannot be understood.
package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

var units = map[string]map[string]uint64{
	"count": {"": 1, "k": thousand, "M": million, "m": million, "G": second, "g": second},
	"size": {"": 1, "B": 1, "KiB": 1 << 10, "k": 1 << 10, "MiB": 1 << 20, "m": 1 << 20,
		"M": 1 << 20, "GiB": 1 << 30, "g": 1 << 30, "G": 1 << 30},
	"duration": {"ns": 1, "us": thousand, "ms": million, "s": second, "min": 60 * second,
		"h": 3600 * second},
}

var quantity = regexp.MustCompile(`^([0-9]{1,18}) ?([a-zA-Z]*)$`)

func refuse(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, name+": "+format+"; see --describe\n", arguments...)
	os.Exit(2)
}

func parseQuantity(one *Option, text string) uint64 {
	found := quantity.FindStringSubmatch(text)
	if found != nil {
		number, _ := strconv.ParseUint(found[1], 10, 64)
		unit, known := units[one.Kind][found[2]]
		if text == "0" {
			unit, known = 1, true
		}
		value := number * unit
		if known && value/unit == number && value >= one.Minimum && value <= one.Maximum {
			return value
		}
	}
	refuse("--%s '%s': give a %s from %d to %d", one.Name, text, one.Kind, one.Minimum, one.Maximum)
	return 0
}

// take stores the value of an option where its kind belongs.
func (run *Run) take(one *Option, text string) {
	switch one.Kind {
	case "text":
		run.text[one.Name] = text
	case "choice":
		if !strings.Contains("|"+strings.Join(one.Choices, "|")+"|", "|"+text+"|") {
			refuse("--%s '%s': choose one of %s", one.Name, text, strings.Join(one.Choices, ", "))
		}
		run.text[one.Name] = text
	default:
		run.number[one.Name] = parseQuantity(one, text)
	}
}

func findOption(lists [][]Option, name string) *Option {
	for _, list := range lists {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

// parse reads everything behind the workload's name.
func (run *Run) parse(words []string) {
	lists := [][]Option{commonOptions, run.workload.Options}
	for _, list := range lists {
		for i := range list {
			if list[i].Default != nil {
				run.take(&list[i], *list[i].Default)
			}
		}
	}
	for i := 0; i < len(words); i++ {
		word, value, joined := strings.Cut(words[i], "=")
		one := findOption(lists, strings.TrimPrefix(word, "--"))
		if !strings.HasPrefix(word, "--") || one == nil {
			refuse("unknown option %s", word)
		}
		if one.Kind == "flag" {
			continue
		}
		if !joined {
			if i++; i == len(words) {
				refuse("%s needs a value", word)
			}
			value = words[i]
		}
		run.take(one, value)
	}
	run.size()
	run.check()
}

// size decides on tasks and concurrency; where tasks wait for one another, all are in flight.
func (run *Run) size() {
	tasks, wide := run.number["tasks"], run.number["concurrency"]
	if tasks == 0 {
		tasks = run.workload.Tasks
	}
	if wide == 0 {
		if wide = run.workload.Concurrency; wide > tasks || run.workload.Together {
			wide = tasks
		}
	}
	if run.workload.Together && (tasks < 2 || wide != tasks) {
		refuse("the tasks of %s wait for one another: give 2 or more, all in flight", run.workload.Name)
	}
	if wide > tasks {
		refuse("--concurrency %d: more than --tasks %d cannot be in flight; give 1 to %d", wide, tasks, tasks)
	}
	run.tasks, run.concurrency = int(tasks), int(wide)
	run.seed = run.number["seed"]
}

var token = regexp.MustCompile("^[0-9a-f]{32}$")

func (run *Run) check() {
	if run.workload.Peer && (!token.MatchString(run.text["token"]) || run.text["connect"] == "") {
		refuse("give --connect and --token: the address of a quartet-backend, and the token " +
			"that it has given out")
	}
}
