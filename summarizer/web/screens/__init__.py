"""One module a screen; each has `build`, which draws it and wires it up."""
