from azureml.core import Environment
from azureml.core.model import InferenceConfig

IMAGE = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"


def inference_environment(variables):
    env = Environment.from_docker_image("scoring", IMAGE)
    env.environment_variables.update(variables)
    return env


first = InferenceConfig(
    entry_script="score.py",
    source_directory="src",
    environment=inference_environment({"AZUREML_EXTRA_REQUIRMENTS_TXT": "requirements.txt"}),
)
second = InferenceConfig(
    entry_script="src/score.py",
    environment=inference_environment({"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}),
)
