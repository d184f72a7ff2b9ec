"""Parses PowerShell from standard input and prints how many statements it is made of."""

import sys

import tree_sitter_powershell
from tree_sitter import Language, Parser

source = sys.stdin.buffer.read()
program = Parser(Language(tree_sitter_powershell.language())).parse(source).root_node
if program.has_error:
    # The text stands for secrets, so only the place is told.
    first = next((node for node in program.children if node.has_error), program)
    sys.exit(f"syntax error at or below line {first.start_point.row + 1}")
print(sum(block.named_child_count for block in program.named_children), "statements")
