# Imported by Python at its start. KServe's package imports its whole model server (FastAPI, Kubernetes, ...) before its
# clients; here its clients are imported from the unmodified files without it, so that CI installs 10 packages less.
import importlib.util
import sys
import types

spec = importlib.util.find_spec("kserve")
if spec is not None:
    package = types.ModuleType("kserve")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["kserve"] = package
