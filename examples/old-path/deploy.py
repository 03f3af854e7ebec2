from azureml.core import Environment, Model, Workspace
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice

ws = Workspace.from_config()

env = Environment(name="scoring")
env.docker.base_image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
env.python.user_managed_dependencies = True
env.environment_variables = {
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "my_folder/requirements.txt",
    "WORKER_COUNT": 2,
}

config = InferenceConfig(
    entry_script="score.py",
    source_directory="my_folder",
    environment=env,
)
service = Model.deploy(ws, "scoring", [], config, AciWebservice.deploy_configuration())
