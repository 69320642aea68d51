#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Campaigns over machines: two sshd on loopback with a configuration and keys of their own, where
# sshd and GNU parallel are installed; and a Slurm array, by a slurmctld and a slurmd of the test's own
# where they are installed, and by hand with the variables of an array everywhere. Hosts have runners
# that do no work. timeout: 300 s

load ../common
load ../driver/driver

setup() {
    driver_setup
    steady_times
    HERE=$BATS_TEST_TMPDIR
    SSHD=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd || true)
    export QUARTET=$BIN/quartet
    OPTIONS=(--workloads counting/one-cpu --models "coroutine,eventloop" --rounds 2 --seed 5 --accept-noise)
}

teardown() {
    local pid
    for pid in "$HERE"/*/pid "$HERE"/*.pid; do
        [ ! -s "$pid" ] || kill "$(cat "$pid")"
    done
}

# host NAME: a machine with a quartet, a lock and a PATH of its own.
host() {
    local name=$1
    mkdir -p "$HERE/$name/bin" "$HERE/$name/tmp"
    cat >"$HERE/$name/bin/quartet" <<END
#!/bin/sh
export QUARTET_RUNNERS=$FAKE QUARTET_LOCK=$HERE/$name/lock XDG_STATE_HOME=$HERE/$name/state TMPDIR=$HERE/$name/tmp
exec "$BIN/quartet" "\$@"
END
    chmod +x "$HERE/$name/bin/quartet"
    echo "$name" >>hosts
}

free_port() {
    python3 -IS -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts sshd for this host, which ssh knows by its name.
start_sshd() {
    local name=$1 port
    port=$(free_port)
    cat >"$HERE/$name/sshd_config" <<END
ListenAddress 127.0.0.1
Port $port
HostKey $HERE/key
AuthorizedKeysFile $HERE/key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PidFile $HERE/$name/pid
SetEnv PATH=$HERE/$name/bin:$PATH
END
    cat >>"$HERE/ssh_config" <<END
Host $name
    HostName 127.0.0.1
    Port $port
    IdentityFile $HERE/key
    UserKnownHostsFile $HERE/known
    StrictHostKeyChecking no
    LogLevel ERROR
END
    "$SSHD" -f "$HERE/$name/sshd_config" -E "$HERE/$name/sshd_log" 3>&-
    eventually test -s "$HERE/$name/pid"
}

need_engines() {
    command -v parallel >/dev/null || skip "GNU parallel is not installed"
    command -v ssh-keygen >/dev/null || skip "ssh is not installed"
    [ -n "$SSHD" ] || skip "sshd is not installed"
    [ "$(id -u)" -ne 0 ] || id -u sshd >/dev/null 2>&1 || skip "sshd has no user of its own here"
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd || skip "sshd has no /run/sshd"
    ssh-keygen -q -t ed25519 -N '' -f "$HERE/key"
}

on_hosts() {
    local code=$1
    shift
    run_for "$code" "$ROOT/scripts/on-hosts" --hosts hosts --output all --ssh "ssh -F $HERE/ssh_config" "$@"
}

@test "two hosts over ssh measure, and their reports are merged" {
    need_engines
    host alpha && start_sshd alpha
    host beta && start_sshd beta
    # Another clock, by an hour.
    # shellcheck disable=SC2016 # for the host
    printf '#!/bin/sh\necho $(($(%s +%%s) + 3600))\n' "$(command -v date)" >beta/bin/date
    chmod +x beta/bin/date
    on_hosts 0 -- "${OPTIONS[@]}"
    expect_output "2 of 2 hosts" "Does the ranking hold on every machine?" \
        "on-hosts: beta: its clock is 3" "s ahead of ours"
    [ -s all/alpha/report.json ] && [ -s all/beta/report.html ] && [ -s all/merged.md ]
    follows_schema all/merged.json
    expect jobs "$(sed 1d all/joblog | wc -l)" 2
    expect "left on hosts" "$(find alpha/tmp beta/tmp "$TMPDIR" -mindepth 1 | wc -l)" 0
    on_hosts 2 -- "${OPTIONS[@]}"
    expect_output "all is there already"
}

@test "hosts that do not answer, differ, are full or die are a line each, and the rest is merged" {
    need_engines
    local name
    for name in alpha beta; do host $name && start_sshd $name; done
    for name in older full dies; do host $name && start_sshd $name; done
    echo silent >>hosts
    printf 'Host silent\n    HostName 127.0.0.1\n    Port 1\n' >>ssh_config
    # shellcheck disable=SC2016 # for the host
    sed -i '2i [ "$1" != --version ] || { echo "quartet 0.0.1 (0000001)"; exit 0; }' older/bin/quartet
    # shellcheck disable=SC2016
    sed -i '2i [ "$1" != run ] || { echo "quartet: cannot write report.json: No space left on device" >&2; exit 1; }' full/bin/quartet
    # Half a minute is enough for two rounds that do nothing; then it hangs.
    # shellcheck disable=SC2016
    sed -i '2i [ "$1" != run ] || { kill -KILL $(cat ../pid 2>/dev/null) $PPID 2>/dev/null; exit 1; }' dies/bin/quartet
    on_hosts 1 -- "${OPTIONS[@]}"
    expect_output "on-hosts: silent: does not answer" "on-hosts: older: another version: quartet 0.0.1" \
        "on-hosts: full: quartet run ended with 1: quartet: cannot write report.json: No space left" \
        "on-hosts: dies: " "2 of 2 hosts"
    expect messages "$(grep -c '^on-hosts: ' <<<"$output")" 4
}

@test "usage of on-hosts, and without GNU parallel" {
    echo '# nobody' >hosts
    local path=$HERE/tools
    mkdir tools
    for tool in bash cat dirname readlink timeout env; do ln -s "$(command -v $tool)" tools/; done
    PATH=$path run_for 77 "$ROOT/scripts/on-hosts" --hosts hosts --output all
    expect_output "GNU parallel is not installed"
    run_for 2 "$ROOT/scripts/on-hosts" --hosts nowhere
    expect_output "there is no such file"
    run_for 2 "$ROOT/scripts/on-hosts" --profile quick
    expect_output "come behind --"
    run_for 0 "$ROOT/scripts/on-hosts" --help
}

# A cluster of this machine alone, in a folder of its own; nobody is asked who he is (auth/none).
start_slurm() {
    local name
    PATH=$PATH:/usr/sbin:/sbin
    for name in slurmctld slurmd sbatch; do command -v $name >/dev/null || skip "$name of Slurm is not installed"; done
    mkdir state spool
    export SLURM_CONF=$HERE/slurm.conf
    cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc)
PartitionName=all Nodes=ALL Default=YES
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/none
CredType=cred/none
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
StateSaveLocation=$HERE/state
SlurmdSpoolDir=$HERE/spool
SlurmctldPidFile=$HERE/slurmctld.pid
SlurmdPidFile=$HERE/slurmd.pid
SlurmctldLogFile=$HERE/slurmctld.log
SlurmdLogFile=$HERE/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
END
    slurmctld -f slurm.conf 3>&- || skip "slurmctld does not start: $(tail -n 1 slurmctld.log)"
    slurmd -f slurm.conf 3>&- || skip "slurmd does not start: $(tail -n 1 slurmd.log)"
}

@test "Slurm runs the array: a table for each task, and a node that comes twice is not measured again" {
    start_slurm
    export QUARTET_LOCK=$HERE/lock QUARTET_RUNNERS=$FAKE
    printf '%s\n' "--concurrency 4" "--concurrency 8" >tables
    QUARTET_TABLES=tables QUARTET_OUTPUT=tables-of run_for 0 sbatch --wait --array=0-1 \
        "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    expect first "$(json tables-of/0/out/report.json tables.0.concurrency)" 4
    expect second "$(json tables-of/1/out/report.json tables.0.concurrency)" 8
    run_for 0 sbatch --wait --array=0-1 "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    expect nodes "$(find results/array-* -name report.json | wc -l)" 1
    grep -q "this node has been measured" quartet-*_1.log quartet-*_0.log
}

# The same without Slurm: the command of sbatch, with its variables.
@test "the script of a Slurm array, run by hand with its variables" {
    local task
    export QUARTET_LOCK=$HERE/lock QUARTET_RUNNERS=$FAKE SLURM_ARRAY_JOB_ID=42
    for task in 0 1; do
        SLURM_ARRAY_TASK_ID=$task SLURMD_NODENAME=node$task \
            run_for 0 bash "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    done
    run_for 0 "$BIN/quartet" merge results/array-42/node0/out results/array-42/node1/out --names node0,node1
    expect_output "2 of 2 hosts"
    SLURM_ARRAY_TASK_ID=2 SLURMD_NODENAME=node1 run_for 0 bash "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    expect_output "this node has been measured"
    printf '%s\n' "--concurrency 4" "--concurrency 8" >tables
    SLURM_ARRAY_TASK_ID=1 QUARTET_TABLES=tables run_for 0 bash "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    expect concurrency "$(json results/array-42/1/out/report.json tables.0.concurrency)" 8
    SLURM_ARRAY_TASK_ID=7 QUARTET_TABLES=tables run_for 2 bash "$ROOT/scripts/campaign.sbatch" "${OPTIONS[@]}"
    expect_output "tables has no line 8"
    run ! bash "$ROOT/scripts/campaign.sbatch"
}
