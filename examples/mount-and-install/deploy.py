from azure.ai.ml import MLClient
from azure.ai.ml.entities import CodeConfiguration, Environment, ManagedOnlineDeployment
from azure.identity import DefaultAzureCredential

deployment = ManagedOnlineDeployment(
    name="blue",
    endpoint_name="scoring",
    environment=Environment(
        name="scoring",
        image="mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest",
    ),
    code_configuration=CodeConfiguration(code="src", scoring_script="score.py"),
    environment_variables={
        "AZUREML_EXTRA_PYTHON_LIB_PATH": "packages ",
        "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
    },
    instance_type="Standard_DS3_v2",
    instance_count=1,
)

client = MLClient.from_config(DefaultAzureCredential())
client.online_deployments.begin_create_or_update(deployment)
