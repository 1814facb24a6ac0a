# SPDX-License-Identifier: MIT
"""The fixtures of the outer tests. Each server stands in a module of its own in
servers/; here they are only named."""
from servers.authority import authority  # noqa: F401
from servers.crowd import crowd  # noqa: F401
from servers.everyhost import everyhost  # noqa: F401
from servers.faulty import faulty  # noqa: F401
from servers.flaky import flaky  # noqa: F401
from servers.front import front  # noqa: F401
from servers.git_server import git_server  # noqa: F401
from servers.gitea import gitea  # noqa: F401
from servers.github import github  # noqa: F401
from servers.gitlab import gitlab  # noqa: F401
from servers.hub import hub  # noqa: F401
from servers.moduled import moduled, store  # noqa: F401
from servers.places import in_memory  # noqa: F401
from servers.registry import images, registry  # noqa: F401
from servers.mortal import mortal  # noqa: F401
from servers.prism import prism, prism_alone  # noqa: F401
from servers.ssh_server import ssh_server  # noqa: F401
from servers.upkeepd import upkeepd  # noqa: F401
from servers.upstream import upstream  # noqa: F401
