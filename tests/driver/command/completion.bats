#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet completion`: in bash it is really used; zsh and fish, where they are installed,
# read it. What it knows is held against every --help.

load ../../common
load ../driver

setup() {
    driver_setup
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
    mkdir bin
    ln -s "$BIN/quartet" bin/quartet
    export PATH=$PWD/bin:$PATH
}

# complete_bash WORD...: what bash offers for the last word, one per line, sorted. Words
# are split as bash does it: '=' is a word of its own.
complete_bash() {
    # shellcheck disable=SC2016 # for the other bash
    bash --norc -c '
        source <(quartet completion bash)
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _quartet
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort
}

# offers WANTED WORD...: exactly these, separated by blanks.
offers() {
    local wanted=$1
    shift
    expect "completion of '$*'" "$(complete_bash "$@" | xargs)" "$wanted"
}

# The options that a command's --help shows.
help_options() {
    "$BIN/quartet" "$1" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
}

all_commands() {
    "$BIN/quartet" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

@test "bash completes commands" {
    offers "baseline" quartet bas
    offers "calibrate check claims compare completion counters" quartet c
    expect commands "$(complete_bash quartet '' | xargs)" \
        "$({ all_commands && printf '%s\n' --help --version; } | sort | xargs)"
    offers "calibrate" quartet help cal
}

@test "bash completes every option of every --help" {
    local command options=0
    for command in $(all_commands); do
        [ "$command" != help ] || continue
        expect "options of $command" "$(complete_bash quartet "$command" -- | xargs)" \
            "$(help_options "$command" | sort | xargs)"
        options=$((options + $(help_options "$command" | wc -l)))
    done
    [ "$options" -gt 50 ]
}

# --name=value is one word in zsh and fish, and three in bash.
@test "all shells ask with the words as they split them" {
    expect "whole word" "$("$BIN/quartet" __complete run --profile=q)" --profile=quick
    expect "list" "$("$BIN/quartet" __complete run --models=coroutine,e | cut -f 1 | xargs)" \
        ":list --models=coroutine,eventloop"
    expect "with what it is" "$("$BIN/quartet" __complete che)" \
        "check"$'\t'"$("$BIN/quartet" help | sed -n 's/^  check *//p')"
    expect "no such command" "$("$BIN/quartet" __complete nosuch '')" ""
    expect "no word" "$("$BIN/quartet" __complete | grep -c .)" $(($(all_commands | wc -l) + 2))
}

@test "bash completes choices, in both ways of writing them" {
    offers "csv html json md text" quartet report --format ''
    offers "quick" quartet run --profile q
    offers "quick" quartet run --profile = q
    offers "default gate lanes quick rigorous" quartet run --profile =
    offers "" quartet run --rounds ''
    offers "bash" quartet completion b
}

@test "bash completes workloads and models, also within a list" {
    offers "counting" quartet run --workloads c
    offers "counting waiting" quartet check --workloads ''
    offers "counting,waiting" quartet run --workloads counting,w
    offers "multiprocess multithread" quartet run --models multi
    offers "coroutine,eventloop" quartet run --models = coroutine,e
    offers "coroutine counting" quartet list co
}

@test "bash completes reports, folders, and names of baselines" {
    mkdir results
    touch other.json notes.txt
    offers "other.json" quartet report oth
    offers "results" quartet report res
    offers "" quartet report not
    offers "other.json" quartet report --format md oth
    offers "other.json" quartet compare results oth
    offers "notes.txt" quartet run --output no
    offers "notes.txt" quartet run -o no
    offers "list save show" quartet baseline ''
    offers "08-coroutines-are-light" quartet claims 08
    offers "races" quartet lesson rac
    local folder
    folder=$XDG_STATE_HOME/quartet/$(testbed)/baselines
    mkdir -p "$folder"
    touch "$folder/main.json" "$folder/.new.json.1"
    offers "main" quartet baseline show ''
    offers "main" quartet check --base m
    offers "other.json" quartet baseline save --force main oth
    offers "other.json" quartet check --base oth
}

# The fingerprint of this machine: a baseline of any report is stored under it.
testbed() {
    local shown
    "$BIN/quartet" run -o once --workloads counting/one-cpu --models coroutine --rounds 1 \
        --accept-noise >/dev/null 2>&1 || skip "hyperfine is not installed"
    shown=$(json once/report.json environment.testbed)
    rm -r once
    echo "$shown"
}

@test "bash completes names with blanks as one word" {
    mkdir "a folder"
    expect word "$(complete_bash quartet report 'a f')" "a folder"
}

@test "without runners there are no words and no messages" {
    export QUARTET_RUNNERS=$PWD/nowhere
    run complete_bash quartet run --workloads ''
    expect output "$output" ""
}

@test "bash finds no fault in it" {
    "$BIN/quartet" completion bash | bash -n
    "$BIN/quartet" completion bash | bash -u -c 'source /dev/stdin; complete -p quartet'
}

@test "zsh finds no fault in it" {
    command -v zsh >/dev/null || skip "zsh is not installed"
    "$BIN/quartet" completion zsh >_quartet
    zsh -n _quartet
    zsh -f -c 'autoload -Uz compinit && compinit -D -u && source ./_quartet &&
        [[ $_comps[quartet] == _quartet ]]'
    # Found in fpath: the first line says for whom it is.
    zsh -f -c 'fpath=($PWD $fpath) && autoload -Uz compinit && compinit -D -u &&
        [[ $_comps[quartet] == _quartet ]]'
}

@test "fish finds no fault in it" {
    command -v fish >/dev/null || skip "fish is not installed"
    "$BIN/quartet" completion fish >quartet.fish
    fish --no-execute quartet.fish
    HOME=$PWD fish -c 'source quartet.fish; complete -C "quartet report --format m"' >offered
    grep -q '^md' offered
}

@test "usage errors are exit 2 and say what there is" {
    run_for 2 "$BIN/quartet" completion
    expect_output "bash, zsh or fish"
    run_for 2 "$BIN/quartet" completion tcsh
    expect_output "'tcsh'" "bash, zsh, fish"
}
