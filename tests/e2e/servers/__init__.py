# SPDX-License-Identifier: MIT
"""Real servers on loopback, each a fixture of its own: see the modules' fixtures."""
