#!/usr/bin/env python3
"""Runs the tests of the store against a PostgreSQL server of their own, on a loopback port.

usage: postgres.py TEST_PROGRAM [PROGRAM]     skipped (77) where no server is installed or assay has no libpqxx
"""
import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
if not folders:
    skip("no PostgreSQL server")
tools = folders[-1]
prefix = []
if os.getuid() == 0:  # the server refuses to run as root
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        skip("root, and no user 'postgres' to run the server as")
    prefix = ["runuser", "-u", "postgres", "--"]
if b"built without libpqxx" in subprocess.run([sys.argv[1], "-tc=store: files that cannot be stores", "-s"],
                                              capture_output=True).stdout:
    skip("assay was built without libpqxx")

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
folder = tempfile.mkdtemp(prefix="assay_pg_")
os.chmod(folder, 0o755)
data = os.path.join(folder, "data")
os.mkdir(data)
if prefix:
    shutil.chown(folder, "postgres")
    shutil.chown(data, "postgres")


def run(*command):
    done = subprocess.run(prefix + list(command), capture_output=True, text=True, cwd=folder)
    if done.returncode:
        skip("%s failed: %s" % (os.path.basename(command[0]), (done.stderr or done.stdout).strip()[-300:]))


try:
    run(os.path.join(tools, "initdb"), "-D", data, "-U", "assay", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    run(os.path.join(tools, "pg_ctl"), "-D", data, "-w", "-l", os.path.join(folder, "log"), "-o",
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" % port, "start")
    try:
        url = "postgresql://assay@127.0.0.1:%d/postgres" % port
        status = subprocess.run([sys.argv[1], "-tc=store: *", "-tce=*kill*,*two programs*,*full disk*"],
                                env=dict(os.environ, ASSAY_TEST_POSTGRES=url)).returncode
    finally:
        subprocess.run(prefix + [os.path.join(tools, "pg_ctl"), "-D", data, "-m", "fast", "stop"], capture_output=True,
                       cwd=folder)
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(status)
