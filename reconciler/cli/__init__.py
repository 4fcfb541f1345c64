"""The command line: parse, call a workflow, render, choose an exit code. The only owner of stdout and stderr."""
