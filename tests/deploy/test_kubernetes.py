"""The Kubernetes manifests: read by their schemas, and what they promise."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from baclofen_faq.vetted_files import ROOT
from tests.deploy.test_compose import UV

FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yml"))
VALIDATE = "kubernetes-validate==1.37.0"
Manifest = dict[str, Any]


def manifests() -> Iterator[Manifest]:
    for path in FILES:
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def of_kind(*kinds: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in manifests() if one["kind"] in kinds}


WORKLOADS = of_kind("StatefulSet", "Deployment", "Job")
WORKLOADS |= {name: {"spec": one["spec"]["jobTemplate"]["spec"]} for name, one in of_kind("CronJob").items()}
POLICIES = of_kind("NetworkPolicy")


def pod(name: str) -> Manifest:
    return dict(WORKLOADS[name]["spec"]["template"]["spec"])


def container(name: str) -> Manifest:
    (one,) = pod(name)["containers"]
    return dict(one)


def validate(*paths: str) -> subprocess.CompletedProcess[str]:
    command = [str(UV), "tool", "run", "--quiet", "--from", VALIDATE, "kubernetes-validate", "--strict", *paths]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_each_manifest_is_what_its_schema_takes(tmp_path: Any) -> None:
    assert len(FILES) > 8
    done = validate(*map(str, FILES))
    assert done.returncode == 0, done.stdout + done.stderr
    slip = tmp_path / "slip.yml"
    slip.write_text((FOLDER / "40-gateway.yml").read_text().replace("readinessProbe", "readynessProbe"))
    assert validate(str(slip)).returncode != 0


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_may_do_no_more_than_it_must(name: str) -> None:
    security = pod(name)["securityContext"]
    assert security["runAsNonRoot"] is True and security["runAsUser"] > 0
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(name)["automountServiceAccountToken"] is False
    of_container = container(name)["securityContext"]
    assert of_container["readOnlyRootFilesystem"] is True and of_container["allowPrivilegeEscalation"] is False
    assert of_container["capabilities"] == {"drop": ["ALL"]}
    resources = container(name)["resources"]
    assert resources["limits"]["memory"] and resources["requests"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("name", ["gateway", "rasa", "actions", "console", "housekeeping", "nginx"])
def test_a_process_that_hangs_is_started_again(name: str) -> None:
    assert "livenessProbe" in container(name)


def test_a_dead_rasa_takes_no_gateway_out_of_traffic() -> None:
    """/readyz fails on all gateways at once when Rasa is down; /healthz needs neither Rasa nor a database."""
    probes = [container("gateway")[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")]
    assert probes == ["/healthz"] * 3


def test_processes_are_changed_one_at_a_time_and_none_is_missed() -> None:
    assert [WORKLOADS[name]["kind"] for name in ("gateway", "rasa")] == ["StatefulSet", "StatefulSet"]
    for name in ("gateway", "rasa", "actions", "nginx"):
        assert WORKLOADS[name]["spec"]["replicas"] >= 2, name
        assert name in of_kind("PodDisruptionBudget"), name
    for name in ("actions", "console", "nginx"):
        assert WORKLOADS[name]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert WORKLOADS["housekeeping"]["spec"]["replicas"] == 1


def test_each_replica_is_known_by_its_name() -> None:
    settings = of_kind("ConfigMap")
    rasas = [f"http://rasa-{n}.rasa:5005" for n in range(WORKLOADS["rasa"]["spec"]["replicas"])]
    assert settings["settings"]["data"]["RASA_URLS"].split(",") == rasas
    gateways = [f"gateway-{n}" for n in range(WORKLOADS["gateway"]["spec"]["replicas"])]
    servers = settings["nginx-settings"]["data"]["GATEWAY_SERVERS"]
    assert servers == " ".join(f"server {name}:8080 max_fails=0;" for name in gateways)
    for name in gateways:
        assert of_kind("Service")[name]["spec"]["selector"] == {"statefulset.kubernetes.io/pod-name": name}
    (claim,) = WORKLOADS["gateway"]["spec"]["volumeClaimTemplates"]
    assert claim["metadata"]["name"] in {mount["name"] for mount in container("gateway")["volumeMounts"]}


def test_nobody_is_reached_but_by_who_is_named() -> None:
    assert POLICIES["nobody"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    reached = {
        policy["spec"]["podSelector"]["matchLabels"]["app"]: {
            source.get("podSelector", {}).get("matchLabels", {}).get("app", "of another kind")
            for rule in policy["spec"]["ingress"]
            for source in rule.get("from", [{"podSelector": {"matchLabels": {"app": "everybody"}}}])
        }
        for policy in POLICIES.values()
        if "ingress" in policy["spec"]
    }
    assert reached == {
        "nginx": {"everybody"},
        "gateway": {"nginx", "of another kind"},
        "console": {"nginx"},
        "housekeeping": {"of another kind"},
        "rasa": {"gateway", "console"},
        "actions": {"rasa"},
        "database": {"of another kind"},
    }
    labels = {one["spec"]["template"]["metadata"]["labels"]["app"] for one in WORKLOADS.values()}
    assert labels == reached.keys() - {"database"} | {"migrate", "backup"}


def test_only_nginx_is_a_service_of_the_outside_and_no_secret_is_filled_in() -> None:
    types = {name: one["spec"].get("type", "ClusterIP") for name, one in of_kind("Service").items()}
    assert {name for name, type in types.items() if type != "ClusterIP"} == {"nginx"}
    secrets = of_kind("Secret")
    assert len(secrets) == 2
    assert {value for one in secrets.values() for value in one["stringData"].values()} == {""}


def test_rasa_and_its_actions_are_told_none_of_the_services_secrets() -> None:
    assert container("rasa")["envFrom"] == [{"secretRef": {"name": "rasa-secrets"}}]
    assert "envFrom" not in container("actions")
    assert of_kind("Secret")["rasa-secrets"]["stringData"].keys() == {"RASA_DATABASE_URL"}
