"""The text of deployment projects: a script of 100 lines and what lies beside it."""

from __future__ import annotations

from typing import NamedTuple

_DEPLOY = '''\
"""Register the model and roll out its web service."""

import argparse
import json
import logging
import sys
import time

import requests
from azureml.core import Environment, Model, Workspace
from azureml.core.authentication import AzureCliAuthentication
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice, Webservice
from azureml.exceptions import WebserviceException

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger("@NAME@")

SERVICE = "@NAME@"
MODEL = "@NAME@-model"
TAGS = {"team": "forecasting", "stage": "production"}
SAMPLES = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3], [4.9, 3.1, 1.5, 0.1]]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-path", default="outputs/model.joblib")
    parser.add_argument("--replace", action="store_true", help="delete a service of that name")
    parser.add_argument("--attempts", type=int, default=5)
    return parser.parse_args()


def remove_old(workspace, name):
    try:
        old = Webservice(workspace, name)
    except WebserviceException as error:
        log.info("nothing to remove: %s", error.message)
        return
    log.warning("deleting %s (%s)", old.name, old.state)
    old.delete()


def smoke_test(service, samples, attempts):
    headers = {"Content-Type": "application/json"}
    keys = service.get_keys()
    if keys:
        headers["Authorization"] = f"Bearer {keys[0]}"
    body = json.dumps({"data": samples})
    for attempt in range(1, attempts + 1):
        answer = requests.post(service.scoring_uri, data=body, headers=headers, timeout=30)
        if answer.ok and len(answer.json()) == len(samples):
            log.info("answer after %d attempts: %s", attempt, answer.text)
            return True
        log.warning("attempt %d: %d %s", attempt, answer.status_code, answer.reason)
        time.sleep(2**attempt)
    return False


options = arguments()
workspace = Workspace.from_config(auth=AzureCliAuthentication())
log.info("workspace %s in %s", workspace.name, workspace.location)
model = Model.register(
    workspace,
    model_path=options.model_path,
    model_name=MODEL,
    tags=TAGS,
    description="Trained by the nightly pipeline",
)
log.info("registered %s, version %d", model.name, model.version)
environment = Environment("@NAME@-environment")
environment.docker.base_image = (
    "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
)
environment.python.user_managed_dependencies = True
environment.environment_variables = {
@VARIABLES@
    "LOG_LEVEL": "info",
}
inference_config = InferenceConfig(
    environment=environment,
@SOURCE@
)
deployment_config = AciWebservice.deploy_configuration(
    cpu_cores=2,
    memory_gb=4,
    auth_enabled=True,
    tags=TAGS,
)
if options.replace:
    remove_old(workspace, SERVICE)
service = Model.deploy(workspace, SERVICE, [model], inference_config, deployment_config)
service.wait_for_deployment(show_output=True)
log.info("%s is %s", service.name, service.state)
if not smoke_test(service, SAMPLES, options.attempts):
    log.error("%s does not answer: %s", service.name, service.get_logs())
    sys.exit(1)
log.info("done: %s", service.scoring_uri)
'''
_REQUIREMENTS_VARIABLE = '    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",'
_OTHER_VARIABLE = '    "MODEL_CACHE": "/tmp/models",'
_SCORE = """\
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.joblib"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
"""
_REQUIREMENTS = """\
# what the score script imports
joblib==1.4.2
numpy==1.24.4
pandas==2.0.3
python-dateutil==2.9.0.post0
pytz==2024.1
scikit-learn==1.3.2
scipy==1.10.1
six==1.16.0
threadpoolctl==3.5.0
tzdata==2024.1
"""


class Project(NamedTuple):
    """One deployment: its folder relative to the tree's root (``""`` for the root itself), whether
    a requirements file is installed at start, and whether the source directory was forgotten."""

    folder: str
    name: str
    requirements: bool = True
    forgotten: bool = False

    @property
    def script(self) -> str:
        """The path of the deployment script."""
        return self._in_folder("deploy.py")

    def files(self) -> dict[str, str]:
        """Paths and texts. Only a project that forgot its source directory has a finding."""
        code = self._in_folder("src")
        files = {self.script: self._deploy(code), f"{code}/score.py": _SCORE}
        if self.requirements:
            files[f"{code}/requirements.txt"] = _REQUIREMENTS
        return files

    def _in_folder(self, path: str) -> str:
        return f"{self.folder}/{path}" if self.folder else path

    def _deploy(self, code: str) -> str:
        if self.forgotten:
            source = f'    entry_script="{code}/score.py",\n    description="{self.name}",'
        else:
            source = f'    source_directory="{code}",\n    entry_script="score.py",'
        variable = _REQUIREMENTS_VARIABLE if self.requirements else _OTHER_VARIABLE
        text = _DEPLOY.replace("@NAME@", self.name).replace("@VARIABLES@", variable)
        return text.replace("@SOURCE@", source)
